import { Button, Drawer, Form, type FormProps } from 'antd'
import { createContext, type ReactNode, useContext, useId, useState } from 'react'
import { createPortal } from 'react-dom'
import { useText } from '../text.ts'

const Around = createContext<{ footer: HTMLElement | null; close?: () => void }>({ footer: null })

/** A drawer from the right, whose content puts its buttons into the footer by `DrawerActions`. */
export function SideDrawer(props: {
  isOpen: boolean
  title: ReactNode
  width?: number
  close(): void
  children: ReactNode
}): ReactNode {
  const [footer, setFooter] = useState<HTMLElement | null>(null)
  return (
    <Drawer
      open={props.isOpen}
      title={props.title}
      size={Math.min(props.width ?? 560, window.innerWidth)}
      footer={<div className="wisp-actions" ref={setFooter} />}
      destroyOnHidden
      onClose={props.close}
    >
      <Around value={{ footer, close: props.close }}>{props.children}</Around>
    </Drawer>
  )
}

/** Buttons that stay in sight below what a drawer shows; outside a drawer they stand where they are written. */
export function DrawerActions(props: { children: ReactNode }): ReactNode {
  const { footer } = useContext(Around)
  return footer ? createPortal(props.children, footer) : <div className="wisp-actions">{props.children}</div>
}

type OfDrawer = { submit: string; isRunning: boolean; more?: ReactNode; children: ReactNode }

/** A form in a drawer, which submits, cancels and does `more` in the footer. Enter submits it as well. On a page it cannot be cancelled. */
export function DrawerForm<V>(props: Omit<FormProps<V>, 'children'> & OfDrawer): ReactNode {
  const { submit, isRunning, more, children, ...form } = props
  const t = useText('common')
  const id = useId()
  const { close } = useContext(Around)
  return (
    <Form<V> id={id} layout="vertical" {...form}>
      {children}
      <DrawerActions>
        <Button type="primary" htmlType="submit" form={id} loading={isRunning}>
          {submit}
        </Button>
        {close ? <Button onClick={close}>{t('cancel')}</Button> : null}
        {more}
      </DrawerActions>
    </Form>
  )
}
