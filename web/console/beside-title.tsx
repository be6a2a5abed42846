import { createContext, type ReactNode, use } from 'react'
import { createPortal } from 'react-dom'

/** The place beside the name of the entry, above the tabs; null until it is there, undefined where there are no tabs. */
export const TitleSide = createContext<HTMLElement | null | undefined>(undefined)

/** What all tabs of an entry are about, such as the chosen account; without tabs it stands where it is written. */
export function BesideTitle(props: { children: ReactNode }): ReactNode {
  const side = use(TitleSide)
  if (side === undefined) return props.children
  return side ? createPortal(props.children, side) : null
}
