"""Images (图片): uploaded, made harmless, shown beside the words that they belong to."""
