import { Drawer } from 'antd'
import type { ReactNode } from 'react'
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
  width?: number
  extra?: ReactNode
  footer?: ReactNode
  /** Name of the query parameter, for a page with two drawers. */
  name?: string
  onClose?: () => void
  children(id: string): ReactNode
}): ReactNode {
  const { id, close } = useOpen(props.name)
  return (
    <Drawer
      open={id !== ''}
      title={props.title}
      size={Math.min(props.width ?? 560, window.innerWidth)}
      extra={props.extra}
      footer={props.footer}
      destroyOnHidden
      onClose={() => {
        props.onClose?.()
        close()
      }}
    >
      {id === '' ? null : props.children(id)}
    </Drawer>
  )
}
