# A server inside disk images.
