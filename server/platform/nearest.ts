/** The known name that a mistyped one most resembles. Undefined when more than `edits` letters would have to change. */
export function nearestOf(name: string, known: Iterable<string>, edits: number): string | undefined {
  const plain = plainly(name)
  let best: string | undefined
  let fewest = edits + 1
  for (const one of known) {
    if (Math.abs(one.length - name.length) > fewest + 2) continue
    const needed = editsBetween(plain, plainly(one))
    if (needed < fewest) [best, fewest] = [one, needed]
  }
  return best
}

/** How it is written large or small, and with or without _ and -, is no difference. */
function plainly(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '')
}

/** How many letters must be put in, taken away or replaced (Levenshtein). */
export function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
