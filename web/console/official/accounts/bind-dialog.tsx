import { App, Form, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRefresh } from '../../../ui/data/act.tsx'
import { api } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useNarrow } from '../../../ui/look/width.ts'
import { useText } from '../../../ui/text.ts'
import { AccountFields, type AccountValues } from './account-fields.tsx'
import { inputOf } from './submit.ts'

/** 添加绑定, the document's figure 7-1 (docs/interface/official-accounts.md#binding-an-account). */
export function BindDialog(props: {
  isOpen: boolean
  close(): void
  onBound(originalId: string): void
}): ReactNode {
  const t = useText('official')
  const common = useText('common')
  const { message } = App.useApp()
  const textOf = useErrorText()
  const refresh = useRefresh()
  const [form] = Form.useForm<AccountValues>()
  const [isBusy, setBusy] = useState(false)
  const isNarrow = useNarrow()
  const bind = async (values: AccountValues) => {
    setBusy(true)
    try {
      const { originalId } = await api.post('/web/official/account/bind', await inputOf(values))
      await refresh('/web/official')
      void message.success(t('bound'))
      props.onBound(originalId)
    } catch (error) {
      void message.error(textOf(error), 6)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open={props.isOpen}
      title={t('bind')}
      width={600}
      okText={t('ok')}
      cancelText={common('cancel')}
      confirmLoading={isBusy}
      destroyOnHidden
      onOk={() => form.submit()}
      onCancel={props.close}
    >
      <Form<AccountValues>
        form={form}
        {...(isNarrow
          ? { layout: 'vertical' as const }
          : { labelCol: { span: 6 }, wrapperCol: { span: 18 } })}
        scrollToFirstError
        initialValues={{ kind: 'service', verified: false, mode: 'secure' }}
        onFinish={values => void bind(values)}
        style={{ marginTop: 16 }}
      >
        <AccountFields />
      </Form>
    </Modal>
  )
}
