import { Drawer } from 'antd'
import { type ReactNode, useState } from 'react'
import { AroundDrawer, type DrawerWidth, type SideDrawerProps } from './around-drawer.ts'

const widths: Record<DrawerWidth, number> = { usual: 640, wide: 1000 }

export function DrawerFrame(props: SideDrawerProps): ReactNode {
  const [footer, setFooter] = useState<HTMLElement | null>(null)
  return (
    <Drawer
      open={props.isOpen}
      title={<h2 className="wisp-drawer-title">{props.title}</h2>}
      size={Math.min(widths[props.width ?? 'usual'], window.innerWidth)}
      footer={<div className="wisp-actions" ref={setFooter} />}
      destroyOnHidden
      onClose={props.close}
    >
      <AroundDrawer value={{ footer, close: props.close }}>{props.children}</AroundDrawer>
    </Drawer>
  )
}
