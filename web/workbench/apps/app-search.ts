type AppWords = { name: string; pinyin: string; category: string; description: string }

/** The matching apps, best first: by name, by full pinyin or initials, then by category and description. */
export function searchApps<T extends AppWords>(apps: readonly T[], query: string): T[] {
  const wanted = query.trim().toLowerCase()
  if (!wanted) return [...apps]
  const ranked = apps.map((app, index) => ({ app, index, rank: rankOf(app, wanted) }))
  return ranked
    .filter(one => one.rank > 0)
    .sort((a, b) => b.rank - a.rank || a.index - b.index)
    .map(one => one.app)
}

function rankOf(app: AppWords, wanted: string): number {
  const name = app.name.toLowerCase()
  if (name === wanted) return 6
  if (name.startsWith(wanted)) return 5
  const letters = wanted.replaceAll(/[\s']/g, '')
  const syllables = app.pinyin.split(' ')
  const initials = syllables.map(one => one.charAt(0)).join('')
  if (letters && startsSyllables(syllables, letters, 0)) return 4
  if (letters && initials.startsWith(letters)) return 4
  if (name.includes(wanted)) return 3
  if (letters && syllables.some((_, at) => at > 0 && startsSyllables(syllables, letters, at))) return 2
  if (letters && initials.includes(letters)) return 2
  const rest = `${app.category} ${app.description}`.toLowerCase()
  return rest.includes(wanted) ? 1 : 0
}

/** Each syllable may be typed in full or as a beginning: `kqdka` finds `kao qin da ka`. */
function startsSyllables(syllables: readonly string[], letters: string, at: number): boolean {
  // The numbers of letters that can be used up after each syllable, so that every possibility is examined
  // only once.
  let used = new Set([0])
  for (let index = at; index < syllables.length && used.size > 0; index++) {
    const syllable = syllables[index] ?? ''
    const next = new Set<number>()
    for (const from of used) {
      for (let length = 0; length < syllable.length && syllable[length] === letters[from + length]; length++)
        next.add(from + length + 1)
    }
    if (next.has(letters.length)) return true
    used = next
  }
  return false
}
