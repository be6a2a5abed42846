import { Button, Form, type FormProps } from 'antd'
import { type ReactNode, useContext, useId } from 'react'
import { useText } from '../text.ts'
import { AroundDrawer } from './around-drawer.ts'
import { DrawerActions } from './drawer.tsx'
import { useFirstField } from './first-field.ts'

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
  const { close } = useContext(AroundDrawer)
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
