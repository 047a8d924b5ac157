/** @returns the path of the file that shows that a procedure is under way. @param name e.g. `meilisearch-key` */
export function transactionRecordPath(name: string): string {
  return `/etc/blender-studio/${name}.pending`;
}
