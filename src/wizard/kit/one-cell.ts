/**
 * Characters that take one column each, whatever stands beside them: of those that the screens are drawn with and that
 * Western texts have. Left out is what a terminal may draw wider (symbols among the emoji), join or hide.
 */
export const ONE_CELL_EACH =
  /^[\x20-\x7e\u00a1-\u00a8\u00aa-\u00ac\u00af-\u02ff\u2010-\u2027\u2030-\u203b\u2190-\u2193\u2200-\u22ff\u2500-\u25a9\u25ac-\u25b5\u25b8-\u25bf\u25c1-\u25fa\u2713\u2717\u2800-\u28ff]*$/;
