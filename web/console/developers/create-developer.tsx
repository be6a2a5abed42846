import { Form } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../ui/address/drawer-form.tsx'
import { useFormAct } from '../../ui/data/form-act.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useSecretOnce } from '../../ui/secret-once.tsx'
import { useText } from '../../ui/text.ts'
import { useApproval } from './approve-personal.ts'
import { DeveloperFields } from './developer-fields.tsx'
import { type DeveloperForm, toInput } from './form-values.ts'
import { useUpstreamCalls } from './upstream-paths.tsx'

/** Creates a developer. The secret is shown here and cannot be shown again; then `created` is called. */
export function CreateDeveloper(props: { created?: (devId: string) => void }): ReactNode {
  const t = useText('developers')
  const showOnce = useSecretOnce()
  const choices = useRead('/web/developers/choices')
  const [form] = Form.useForm<DeveloperForm>()
  const fields = { named: { name: 'name', [t('ips')]: 'ips', allowedIps: 'ips' } }
  const { personalAmong } = useUpstreamCalls()
  const act = useFormAct('/web/developers/add', form, fields, {
    refresh: ['/web/developers', '/web/start'],
    confirm: useApproval(),
  })
  if (choices.error) return <ErrorState error={choices.error} retry={() => void choices.refetch()} />
  if (!choices.data) return <Loading />
  const create = async (values: DeveloperForm) => {
    const approves = personalAmong(values.upstreamPaths).length > 0
    const made = await act.run({ ...toInput(values), ...(approves ? { approvePersonal: '1' } : {}) })
    if (!made) return
    await showOnce({
      title: t('createdTitle'),
      secrets: [
        { label: t('devId'), value: made.devId },
        { label: t('devSecret'), value: made.devSecret },
      ],
      note: t('createdNote'),
    })
    props.created?.(made.devId)
  }
  const initial: DeveloperForm = {
    name: '',
    scopes: [...choices.data.initialScopes],
    scopeDays: {},
    range: 'all',
    departments: [],
    tags: [],
    groups: [],
    ips: '',
    accounts: [],
    listStyle: 'object',
    packets: 'off',
    newDevices: true,
    strictInputs: false,
    ownAgents: true,
    wholeInbox: false,
    upstreamPaths: [],
    refundEach: '',
    refundDay: '',
    smsBudget: '',
  }
  return (
    <DrawerForm<DeveloperForm>
      form={form}
      name="developer"
      submit={t('add')}
      isRunning={act.isRunning}
      initialValues={initial}
      onFinish={values => void create(values)}
    >
      <DeveloperFields />
    </DrawerForm>
  )
}
