"""What people do with Samphire, one folder each: use cases (`service`), and routes (`http`) that ask them."""
