"""Untrusted bytes to arrays, and arrays to files: pictures, photos, films."""
