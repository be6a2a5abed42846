import { useEffect } from 'react'

const fields = 'input:not([type=file], [type=radio], [type=checkbox], [readonly]), textarea:not([readonly])'

/**
 * Puts the caret into the first field within the element of this id, once `isOn`, as for somebody who came to fill it in. On a phone fingers
 * choose, because a keyboard covers half of it.
 */
export function useFirstField(id: string, isOn: boolean): void {
  useEffect(() => {
    if (!isOn || matchMedia('(pointer: coarse)').matches) return
    // The drawer takes the focus when it has been opened.
    const soon = requestAnimationFrame(() => {
      const around = document.getElementById(id)
      if (around?.contains(document.activeElement)) return
      around?.querySelector<HTMLElement>(fields)?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(soon)
  }, [id, isOn])
}
