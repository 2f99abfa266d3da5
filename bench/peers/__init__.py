"""The peers that linli is compared with, each written as well as its authors would write it."""
