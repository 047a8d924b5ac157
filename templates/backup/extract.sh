# Reads what `contents` wrote into a folder, the argument.
# What comes first stays: the product's own and root's files stand before those that the site's account gave.
extract() {
  tar --extract --file=- --directory="$1" --ignore-zeros --skip-old-files --no-same-owner
}
