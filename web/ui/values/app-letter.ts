/** White letters are readable on each of these colours. */
const colours = ['#2468f2', '#0b7a75', '#a8470a', '#7a3ff2', '#b3246b', '#1d6f42', '#9a4d00', '#3b5bdb']

/**
 * Replaces a missing icon by the first letter of the app's name, on a colour that depends on the app's id and
 * so is the same everywhere.
 */
export function letterOf(app: { id: string; name: string }): { letter: string; colour: string } {
  let hash = 0
  for (const character of app.id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return {
    letter: Array.from(app.name.trim())[0]?.toUpperCase() ?? '·',
    colour: colours[hash % colours.length] ?? '#2468f2',
  }
}
