"""What runs in the browser: the decoder runtime and a folder for each component; `built/` is what ships."""
