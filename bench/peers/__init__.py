"""What linli is measured against, each written as well as its makers would write it."""
