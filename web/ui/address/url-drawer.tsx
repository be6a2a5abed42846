import { Drawer } from 'antd'
import type { ReactNode } from 'react'
import { useUrlState } from './url-state.ts'

/** What `?open=…` names, and how to open and close it. */
export function useOpen(name = 'open'): { id: string; open(id: string | number): void; close(): void } {
  const [values, set] = useUrlState()
  return {
    id: values[name] ?? '',
    open: id => set({ [name]: id }),
    close: () => set({ [name]: undefined }),
  }
}

/** A drawer with its own address: open while `?open=…` is there. `children` gets the id. */
export function UrlDrawer(props: {
  title: ReactNode
  width?: number
  extra?: ReactNode
  footer?: ReactNode
  /** Name in the query, where a page has two. */
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
