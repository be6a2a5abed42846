import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'

export const isCutOff = (cell: Element) => cell.scrollWidth > cell.clientWidth + 1

/** Whether the table is wider than its place, so that it has to scroll in it. */
export function useCutColumns(place: RefObject<HTMLElement | null>): boolean {
  const [isCut, setCut] = useState(false)
  useLayoutEffect(() => {
    const around = place.current?.querySelector('.ant-table-content')
    const table = around?.querySelector('table')
    if (!around || !table) return
    const measure = () => setCut(table.offsetWidth > around.clientWidth + 1)
    const observer = new ResizeObserver(measure)
    observer.observe(around)
    observer.observe(table)
    measure()
    return () => observer.disconnect()
  }, [place])
  return isCut
}

/** Lets the keyboard reach cells of which a part is cut off, so that it can be read there too. */
export function useCutCells(place: RefObject<HTMLElement | null>, rows: readonly unknown[]): void {
  useEffect(() => {
    const around = place.current
    if (!around || rows.length === 0) return
    const mark = () => {
      for (const cell of around.querySelectorAll<HTMLElement>('td > .wisp-cell'))
        if (isCutOff(cell) && !cell.querySelector('a, button, input')) cell.tabIndex = 0
        else cell.removeAttribute('tabindex')
    }
    const observer = new ResizeObserver(mark)
    observer.observe(around)
    return () => observer.disconnect()
  }, [place, rows])
}
