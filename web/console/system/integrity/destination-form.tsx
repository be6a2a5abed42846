import { Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { useText } from '../../../ui/text.ts'

type DestinationWish = { url?: string; members?: string }

/** Where checkpoints go: an address, and members of the corp. */
export function DestinationForm(props: {
  scope: 'corp' | 'installation'
  view: Answer<'/web/audit/integrity'>
  done(): void
}): ReactNode {
  const t = useText('integrity')
  const unsaved = useUnsaved()
  const [form] = Form.useForm<DestinationWish>()
  const fields = { named: { url: 'url', members: 'members' } }
  const act = useFormAct('/web/audit/integrity/destination', form, fields, {
    done: t('saved'),
    refresh: ['/web/audit/integrity'],
  })
  const submit = async ({ url = '', members = '' }: DestinationWish) => {
    if (!(await act.run({ scope: props.scope, url, members }))) return
    unsaved.clear()
    props.done()
  }
  const { url, members } = props.view
  return (
    <DrawerForm<DestinationWish>
      form={form}
      name="destination"
      submit={t('save')}
      isRunning={act.isRunning}
      initialValues={{ url, members: members.join(', ') }}
      onValuesChange={unsaved.touch}
      onFinish={wish => void submit(wish)}
    >
      <Form.Item name="url" label={t('address')} extra={t('addressHelp')}>
        <Input maxLength={500} placeholder="https://" autoComplete="off" />
      </Form.Item>
      {props.scope === 'corp' ? (
        <Form.Item name="members" label={t('members')} extra={t('membersHelp')}>
          <Input maxLength={700} autoComplete="off" />
        </Form.Item>
      ) : null}
    </DrawerForm>
  )
}
