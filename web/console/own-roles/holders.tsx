import { Button, Form } from 'antd'
import type { Dayjs } from 'dayjs'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useFormAct } from '../../ui/data/form-act.ts'
import { useSession } from '../../ui/data/session.tsx'
import { DatePicker } from '../../ui/fields/dates.tsx'
import { MemberPicker, type PickedMember } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'
import { clockNow, momentPicked } from '../../ui/values/picked.ts'
import { Time } from '../../ui/values/time.tsx'

type Detail = Answer<'/web/roles/role'>

/** Who has a role until when; super administrators give it and take it back. */
export function Holders({ detail }: { detail: Detail }): ReactNode {
  const t = useText('own-roles')
  const { givesRoles } = useSession()
  const { role, holders } = detail
  const isNobodys = holders.length + role.groups.length === 0
  const take = useAct('/web/roles/take', { done: t('taken'), refresh: ['/web/roles'] })
  return (
    <section aria-label={t('who')}>
      <h3>{t('who')}</h3>
      {isNobodys ? <p className="wisp-quiet">{t('nobody')}</p> : null}
      {role.groups.length > 0 ? (
        <p>
          {t('byGroups')}
          {role.groups.map(({ id, name, members }) => (
            <PageLink
              key={id}
              to="/console/directory/groups"
              search={{ open: id }}
              style={{ marginInlineStart: 8 }}
            >
              {t('groupOf', { name, n: members })}
            </PageLink>
          ))}
        </p>
      ) : null}
      <ul style={{ listStyle: 'none', padding: 0 }}>
        {holders.map(one => (
          <li key={one.userId} style={{ display: 'flex', gap: 8, alignItems: 'center', padding: '4px 0' }}>
            <span style={{ flex: 1 }}>
              {one.userName || t('left')} <span className="wisp-quiet">{one.userId}</span>
            </span>
            <span className="wisp-quiet">
              {one.isOver ? t('ended') : t('until')} <Time at={one.until} none={t('noEnd')} />
            </span>
            {givesRoles ? (
              <Button
                size="small"
                aria-label={`${t('take')} ${one.userName || one.userId}`}
                loading={take.isRunning}
                onClick={() => void take.run({ id: role.id, userId: one.userId })}
              >
                {t('take')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {givesRoles && role.state !== 'ended' ? <Give id={role.id} /> : null}
    </section>
  )
}

type Values = { member: PickedMember[]; until: Dayjs | null }

const fields = {
  named: { userId: 'member', until: 'until' },
  codes: { '1007': 'member' },
  otherwise: 'member',
}

function Give({ id }: { id: number }): ReactNode {
  const t = useText('own-roles')
  const [form] = Form.useForm<Values>()
  const common = useText('common')
  const act = useFormAct('/web/roles/give', form, fields, {
    done: ({ proposed }) => (proposed === undefined ? t('given') : common('proposed')),
    refresh: ['/web/roles', '/web/three'],
  })
  const give = async ({ member, until }: Values) => {
    const userId = member[0]?.userId ?? ''
    const done = await act.run({ id, userId, ...(until ? { until: momentPicked(until) } : {}) })
    if (done) form.resetFields()
  }
  return (
    <Form<Values>
      form={form}
      name="give-role"
      layout="vertical"
      initialValues={{ member: [], until: null }}
      onFinish={values => void give(values)}
    >
      <Form.Item name="member" label={t('member')} rules={[{ required: true }]}>
        <MemberPicker single />
      </Form.Item>
      <Form.Item name="until" label={t('until')}>
        <DatePicker
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          minDate={clockNow()}
          placeholder={t('noEnd')}
        />
      </Form.Item>
      <Button htmlType="submit" loading={act.isRunning}>
        {t('give')}
      </Button>
    </Form>
  )
}
