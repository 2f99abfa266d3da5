"""Images (图片): uploaded, made harmless, and shown with the text that they belong to."""
