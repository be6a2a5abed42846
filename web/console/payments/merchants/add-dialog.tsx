import { App, Form, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRefresh } from '../../../ui/data/act.tsx'
import { api } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useText } from '../../../ui/text.ts'
import { inputOf, MerchantFields, type MerchantValues } from './merchant-fields.tsx'

/** Connects a merchant; what was entered is tested by the doctor afterwards. */
export function AddDialog(props: {
  isOpen: boolean
  close(): void
  onAdded(mchId: string): void
}): ReactNode {
  const t = useText('payments-merchants')
  const common = useText('common')
  const { message } = App.useApp()
  const textOf = useErrorText()
  const refresh = useRefresh()
  const [form] = Form.useForm<MerchantValues>()
  const [isBusy, setBusy] = useState(false)
  const add = async (values: MerchantValues) => {
    setBusy(true)
    try {
      const { mchId } = await api.post('/web/payments/merchants/add', inputOf(values))
      await refresh('/web/payments/merchants')
      void message.success(t('added'))
      props.onAdded(mchId)
    } catch (error) {
      void message.error(textOf(error), 6)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open={props.isOpen}
      title={t('add')}
      width={640}
      okText={t('add')}
      cancelText={common('cancel')}
      confirmLoading={isBusy}
      destroyOnHidden
      onOk={() => form.submit()}
      onCancel={props.close}
    >
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('addHint')}
      </p>
      <Form<MerchantValues>
        form={form}
        layout="vertical"
        scrollToFirstError
        preserve={false}
        onFinish={values => void add(values)}
      >
        <MerchantFields />
      </Form>
    </Modal>
  )
}
