import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type Answer, api } from '../ui/data/api.ts'
import { useErrorText } from '../ui/data/error-text.ts'
import { useText } from '../ui/text.ts'
import { formatTime } from '../ui/values/format.ts'

type Grant = Answer<'/web/portal/grants'>['list'][number]

/** The apps that were told about the person, with the way to take back what they agreed to. */
export function OwnGrants(): ReactNode {
  const t = useText('portal')
  const textOf = useErrorText()
  const client = useQueryClient()
  const { data, error } = useQuery({
    queryKey: ['/web/portal/grants'],
    queryFn: ({ signal }) => api.get('/web/portal/grants', {}, signal),
  })
  const withdraw = useMutation({
    mutationFn: (appId: string) => api.post('/web/portal/grants/withdraw', { appId }),
    onSettled: () => client.invalidateQueries({ queryKey: ['/web/portal/grants'] }),
  })
  if (error) return <p className="wb-none">{textOf(error)}</p>
  if (!data) return <p className="wb-none">{t('loading')}</p>
  if (data.list.length === 0) return <p className="wb-none">{t('grantsNone')}</p>
  return (
    <>
      <p className="wb-quiet wb-links-hint">{t('grantsHint')}</p>
      <div role="alert">
        {withdraw.error ? <p className="wb-links-hint">{textOf(withdraw.error)}</p> : null}
      </div>
      <ul className="wb-rows wb-sessions">
        {data.list.map(one => (
          <GrantRow
            key={one.appId}
            grant={one}
            isBusy={withdraw.isPending}
            onWithdraw={() => withdraw.mutate(one.appId)}
          />
        ))}
      </ul>
    </>
  )
}

const words = {
  profile: 'grantProfile',
  email: 'grantEmail',
  phone: 'grantPhone',
  departments: 'grantDepartments',
  groups: 'grantGroups',
  employee_no: 'grantEmployeeNo',
} as const

function GrantRow(props: { grant: Grant; isBusy: boolean; onWithdraw(): void }): ReactNode {
  const t = useText('portal')
  const { grant, isBusy, onWithdraw } = props
  const [isAsking, setAsking] = useState(false)
  const given = grant.claims.map(name =>
    Object.hasOwn(words, name) ? t(words[name as keyof typeof words]) : name,
  )
  return (
    <li className="wb-link-row">
      <div className="wb-link-head">
        <span className="wb-grow">
          {grant.name}
          <small>{given.length > 0 ? t('grantGiven', { what: given.join('、') }) : t('grantNumber')}</small>
          {grant.lastAt ? <small>{t('grantLast', { at: formatTime(grant.lastAt) })}</small> : null}
          {grant.agreedAt ? <small>{t('grantAgreed', { at: formatTime(grant.agreedAt) })}</small> : null}
        </span>
        {grant.agreedAt && !isAsking ? (
          <button type="button" className="wb-button" onClick={() => setAsking(true)}>
            {t('withdraw')}
          </button>
        ) : null}
      </div>
      {isAsking ? (
        <div className="wb-link-how">
          <p>{t('withdrawHint', { name: grant.name })}</p>
          <p className="wb-row">
            <button type="button" className="wb-button wb-primary" disabled={isBusy} onClick={onWithdraw}>
              {t('withdraw')}
            </button>
            <button type="button" className="wb-button" onClick={() => setAsking(false)}>
              {t('keep')}
            </button>
          </p>
        </div>
      ) : null}
    </li>
  )
}
