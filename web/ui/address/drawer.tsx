import { Button, Drawer, Form, type FormProps } from 'antd'
import { createContext, type ReactNode, useContext, useId, useState } from 'react'
import { createPortal } from 'react-dom'
import { useText } from '../text.ts'
import './drawer.css'
import { useFirstField } from './first-field.ts'

const Around = createContext<{ footer: HTMLElement | null; close?: () => void }>({ footer: null })

/** `wide` is for what has a preview or a table of its own beside it. */
export type DrawerWidth = 'usual' | 'wide'
const widths: Record<DrawerWidth, number> = { usual: 640, wide: 1000 }

/** A drawer from the right, whose content puts its buttons into the footer by `DrawerActions`. */
export function SideDrawer(props: {
  isOpen: boolean
  title: ReactNode
  width?: DrawerWidth
  close(): void
  children: ReactNode
}): ReactNode {
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
      <Around value={{ footer, close: props.close }}>{props.children}</Around>
    </Drawer>
  )
}

/** Buttons that stay in sight: below what a drawer shows, or at the lower edge of the window. */
export function DrawerActions(props: { children: ReactNode }): ReactNode {
  const { footer } = useContext(Around)
  return footer ? (
    createPortal(props.children, footer)
  ) : (
    <div className="wisp-actions wisp-form-foot">{props.children}</div>
  )
}

type OfDrawer = {
  submit: string
  isRunning: boolean
  /** There is nothing that submitting would do. */
  isDisabled?: boolean
  /** What 取消 does on a page; in a drawer it closes that. */
  onCancel?: () => void
  more?: ReactNode
  children: ReactNode
}

/** A form, which submits, cancels and does `more` in the footer of its drawer or at the lower edge of the window. Enter submits it as well. */
export function DrawerForm<V>(props: Omit<FormProps<V>, 'children'> & OfDrawer): ReactNode {
  const { submit, isRunning, isDisabled, onCancel, more, children, ...form } = props
  const t = useText('common')
  const id = useId()
  const { close } = useContext(Around)
  const cancel = close ?? onCancel
  useFirstField(id, close !== undefined)
  return (
    <Form<V> id={id} layout="vertical" {...form}>
      {children}
      <DrawerActions>
        <Button type="primary" htmlType="submit" form={id} loading={isRunning} disabled={isDisabled === true}>
          {submit}
        </Button>
        {cancel ? <Button onClick={cancel}>{t('cancel')}</Button> : null}
        {more}
      </DrawerActions>
    </Form>
  )
}
