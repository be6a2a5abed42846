import { Form } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { useText } from '../../../ui/text.ts'
import { fieldsOfMerchant, inputOf, MerchantFields, type MerchantValues } from './merchant-fields.tsx'

/** Connects a merchant; what was entered is tested by the doctor afterwards. */
export function AddForm(props: { added(mchId: string): void }): ReactNode {
  const t = useText('payments-merchants')
  const unsaved = useUnsaved()
  const [form] = Form.useForm<MerchantValues>()
  const act = useFormAct('/web/payments/merchants/add', form, fieldsOfMerchant, {
    done: t('added'),
    refresh: ['/web/payments/merchants'],
  })
  const add = async (values: MerchantValues) => {
    const added = await act.run(inputOf(values))
    if (!added) return
    unsaved.clear()
    props.added(added.mchId)
  }
  return (
    <DrawerForm<MerchantValues>
      form={form}
      submit={t('add')}
      isRunning={act.isRunning}
      scrollToFirstError
      onValuesChange={unsaved.touch}
      onFinish={values => void add(values)}
    >
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('addHint')}
      </p>
      <MerchantFields />
    </DrawerForm>
  )
}
