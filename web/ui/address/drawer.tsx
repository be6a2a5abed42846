import { type ReactNode, useContext } from 'react'
import { createPortal } from 'react-dom'
import { laterDialog } from '../fields/later.tsx'
import { AroundDrawer, type SideDrawerProps } from './around-drawer.ts'
import './drawer.css'

/** A drawer from the right, whose content puts its buttons into the footer by `DrawerActions`. */
export const SideDrawer = laterDialog<SideDrawerProps>(
  async () => (await import('./drawer-frame.tsx')).DrawerFrame,
)

/** Buttons that stay in sight: below what a drawer shows, or at the lower edge of the window. */
export function DrawerActions(props: { children: ReactNode }): ReactNode {
  const { footer } = useContext(AroundDrawer)
  return footer ? (
    createPortal(props.children, footer)
  ) : (
    <div className="wisp-actions wisp-form-foot">{props.children}</div>
  )
}
