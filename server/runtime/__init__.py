"""Work that outlasts a request: native threads (`pools`) and the queue of jobs (`base`, `inprocess`)."""
