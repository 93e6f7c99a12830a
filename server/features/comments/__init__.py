"""What people say to each other about images and objects, and the inbox that tells them of it."""
