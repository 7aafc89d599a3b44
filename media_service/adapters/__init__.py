"""Where bytes are kept: one small interface, one adapter for the local disk and one for Cloudinary."""
