// Which dimensions a search names. Pure.

/**
 * Positions of the labels that a query names: those named exactly come before those whose names only begin so, z1 before z10.
 *
 * @param {string[]} labels
 * @param {string} query words with spaces, commas or semicolons between; a number is that of a dimension.
 * @returns {number[] | null} null where nothing is asked for.
 */
export function findLabels(labels, query) {
  const wanted = query
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((word) => (/^\d/.test(word) ? `z${word}` : word));
  if (!wanted.length) return null;
  const names = labels.map((label) => label.toLowerCase());
  const begun = names.flatMap((name, i) => (wanted.some((word) => name.startsWith(word)) ? [i] : []));
  const exact = begun.filter((i) => wanted.includes(names[i]));
  return [...exact, ...begun.filter((i) => !exact.includes(i))];
}
