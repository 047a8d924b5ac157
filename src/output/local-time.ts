const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A moment for whoever works on this server: by its clock and time zone, short, as ls(1) has it.
 * @param at ISO 8601 or milliseconds since 1970; what is no moment is shown as `?`
 * @returns `Nov 28 03:12`; `Nov 28 2025` in another year than that of `now`
 */
export function localTime(at: string | number, now = new Date()): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '?';
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${MONTHS[date.getMonth()]} ${date.getDate()}`;
  return date.getFullYear() === now.getFullYear()
    ? `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
    : `${day} ${date.getFullYear()}`;
}
