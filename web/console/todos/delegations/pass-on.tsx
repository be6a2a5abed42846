import { Checkbox, Form } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { PageLink } from '../../../ui/address/page-link.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { appAddress } from '../../object-addresses.ts'

type Estate = Answer<'/web/console/todos/leaver'>
type Values = { appIds: string[]; to: PickedMember[] }

const fields = { named: { appIds: 'appIds', to: 'to' }, codes: { '1007': 'to' }, otherwise: 'to' }

/** What somebody who left still has, by app, and who gets it. */
export function PassOn({ id, onDone }: { id: number; onDone(): void }): ReactNode {
  const t = useText('todo-console')
  const read = useRead('/web/console/todos/leaver', { id })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  if (read.data.apps.length === 0) return <EmptyState title={t('nothingLeft', { name: read.data.name })} />
  return <Estate estate={read.data} onDone={onDone} />
}

function Estate({ estate, onDone }: { estate: Estate; onDone(): void }): ReactNode {
  const t = useText('todo-console')
  const [form] = Form.useForm<Values>()
  const unsaved = useUnsaved()
  const possible = estate.apps.filter(one => one.mayPassOn)
  const act = useFormAct('/web/console/todos/pass-on', form, fields, {
    done: ({ passedOn }) => t('passedOn', { n: passedOn }),
    refresh: ['/web/console/todos'],
  })
  const chosen: string[] = Form.useWatch('appIds', form) ?? []
  const count = estate.apps.reduce((sum, one) => sum + (chosen.includes(one.appId) ? one.count : 0), 0)
  const submit = async ({ appIds, to }: Values) => {
    const done = await act.run({ from: estate.userId, leaverId: estate.id, to: to[0]?.userId ?? '', appIds })
    if (!done) return
    unsaved.clear()
    onDone()
  }
  return (
    <DrawerForm<Values>
      form={form}
      name="pass-on"
      submit={count > 0 ? t('passOnCount', { n: count }) : t('passOn')}
      isRunning={act.isRunning}
      isDisabled={count === 0}
      initialValues={{ appIds: possible.map(one => one.appId), to: [] }}
      onValuesChange={unsaved.touch}
      onFinish={values => void submit(values)}
    >
      <p>{t('passOnHint', { name: estate.name })}</p>
      <Form.Item name="appIds" label={t('apps')} rules={[{ required: true, message: t('chooseApp') }]}>
        <Checkbox.Group
          className="todos-leavers"
          options={estate.apps.map(({ appId, appName, count, mayPassOn }) => ({
            value: appId,
            disabled: !mayPassOn,
            label: t('appCount', { name: appName, n: count }),
          }))}
        />
      </Form.Item>
      {possible.length < estate.apps.length ? <NotAllowed estate={estate} /> : null}
      <Form.Item name="to" label={t('successor')} rules={[{ required: true, message: t('chooseSomebody') }]}>
        <MemberPicker single />
      </Form.Item>
    </DrawerForm>
  )
}

function NotAllowed({ estate }: { estate: Estate }): ReactNode {
  const t = useText('todo-console')
  return (
    <p className="wisp-quiet">
      {t('notAllowed')}{' '}
      {estate.apps
        .filter(one => !one.mayPassOn)
        .map(({ appId, appName }) => (
          <PageLink key={appId} to={`${appAddress(appId)}/todos`}>
            {appName}
          </PageLink>
        ))}
    </p>
  )
}
