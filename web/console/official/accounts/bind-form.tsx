import { Form } from 'antd'
import { type ReactNode, useState } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { useText } from '../../../ui/text.ts'
import { AccountFields, type AccountValues } from './account-fields.tsx'
import { fieldsOfAccount, useInput } from './submit.ts'

/** 添加绑定, the document's figure 7-1 (docs/interface/official-accounts.md#binding-an-account). */
export function BindForm(props: { bound(originalId: string): void }): ReactNode {
  const t = useText('official')
  const unsaved = useUnsaved()
  const inputOf = useInput()
  const [isUploading, setUploading] = useState(false)
  const [form] = Form.useForm<AccountValues>()
  const act = useFormAct('/web/official/account/bind', form, fieldsOfAccount, {
    done: t('bound'),
    refresh: ['/web/official'],
  })
  const bind = async (values: AccountValues) => {
    setUploading(true)
    const input = await inputOf(values)
    setUploading(false)
    const bound = input && (await act.run(input))
    if (!bound) return
    unsaved.clear()
    props.bound(bound.originalId)
  }
  return (
    <DrawerForm<AccountValues>
      form={form}
      submit={t('bindAct')}
      isRunning={isUploading || act.isRunning}
      name="account"
      scrollToFirstError
      initialValues={{ kind: 'service', verified: false, mode: 'secure' }}
      onValuesChange={unsaved.touch}
      onFinish={values => void bind(values)}
    >
      <AccountFields />
    </DrawerForm>
  )
}
