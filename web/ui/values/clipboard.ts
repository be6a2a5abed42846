/** Resolves with whether the text has been copied; a browser may refuse it. */
export async function writeClipboard(value: string): Promise<boolean> {
  // Pages served over plain http have no clipboard API.
  if (!navigator.clipboard) return copySelected(value)
  try {
    await navigator.clipboard.writeText(value)
    return true
  } catch {
    return copySelected(value)
  }
}

function copySelected(value: string): boolean {
  const before = document.activeElement
  const area = document.createElement('textarea')
  area.value = value
  document.body.append(area)
  area.select()
  const isCopied = document.execCommand('copy')
  area.remove()
  if (before instanceof HTMLElement) before.focus()
  return isCopied
}

/** Selects what an element shows, for somebody who copies it themselves. */
export function selectText(element: Element): void {
  const selection = window.getSelection()
  selection?.removeAllRanges()
  const range = document.createRange()
  range.selectNodeContents(element)
  selection?.addRange(range)
}
