import type { ComponentType, ReactNode } from 'react'
import { later, useWasOpen } from '../fields/later.tsx'
import type { DrawerWidth } from './around-drawer.ts'
import { SideDrawer } from './drawer.tsx'
import { useUrlState } from './url-state.ts'

/** The value of `?open=…`, with functions to set and remove it. */
export function useOpen(name = 'open'): { id: string; open(id: string | number): void; close(): void } {
  const [values, set] = useUrlState()
  return {
    id: values[name] ?? '',
    open: id => set({ [name]: id }),
    close: () => set({ [name]: undefined }),
  }
}

/** A drawer that is open while `?open=…` is in the address, so that it can be linked to. `children` gets the id. */
export function UrlDrawer(props: {
  title: ReactNode
  width?: DrawerWidth
  /** Name of the query parameter, for a page with two drawers. */
  name?: string
  onClose?: () => void
  children(id: string): ReactNode
}): ReactNode {
  const { name, onClose, children, ...look } = props
  const { id, close } = useOpen(name)
  const leave = () => {
    onClose?.()
    close()
  }
  return (
    <SideDrawer {...look} isOpen={id !== ''} close={leave}>
      {id === '' ? null : children(id)}
    </SideDrawer>
  )
}

/** `later` for a part that has a `UrlDrawer` of that name itself. */
export function laterDrawer<P extends object>(
  load: () => Promise<ComponentType<P>>,
  name?: string,
): (props: P) => ReactNode {
  const Drawer = later(load, null)
  return props => (useWasOpen(useOpen(name).id !== '') ? <Drawer {...props} /> : null)
}
