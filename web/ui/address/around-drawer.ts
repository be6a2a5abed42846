import { createContext, type ReactNode } from 'react'

/** For what is in a drawer: where its buttons go, and what closes it. */
export const AroundDrawer = createContext<{ footer: HTMLElement | null; close?: () => void }>({
  footer: null,
})

/** `wide` is for what has a preview or a table of its own beside it. */
export type DrawerWidth = 'usual' | 'wide'

export type SideDrawerProps = {
  isOpen: boolean
  title: ReactNode
  width?: DrawerWidth
  close(): void
  children: ReactNode
}
