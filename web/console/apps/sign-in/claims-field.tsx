import { Checkbox, Input, Switch } from 'antd'
import type { ReactNode } from 'react'
import { Actor } from '../../../ui/objects/actor.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import type { ClaimValue } from './form-values.ts'

type Props = {
  names: readonly string[]
  value?: ClaimValue[]
  onChange?: (claims: ClaimValue[]) => void
}

/** What the application may be given, each with its purpose; what an owner has asked for waits for a yes. */
export function ClaimsField({ names, value = [], onChange }: Props): ReactNode {
  const t = useText('app-sign-in')
  const put = (name: string, change: Partial<ClaimValue>) =>
    onChange?.(value.map(one => (one.name === name ? { ...one, ...change } : one)))
  const turn = (name: string, isOn: boolean) => {
    const others = value.filter(one => one.name !== name)
    const added: ClaimValue = {
      name,
      purpose: '',
      approvedBy: '',
      approvedAt: '',
      isHeldBack: false,
      isAsked: false,
      approve: true,
    }
    const all = isOn ? [...others, added] : others
    onChange?.(names.flatMap(known => all.find(one => one.name === known) ?? []))
  }
  return (
    <ul className="sign-in-claims">
      {names.map(name => {
        const claim = value.find(one => one.name === name)
        return (
          <li key={name}>
            <Checkbox checked={claim !== undefined} onChange={event => turn(name, event.target.checked)}>
              {t(`claim_${name}` as 'claim_profile')} <code className="wisp-quiet">{name}</code>
            </Checkbox>
            {claim ? <Standing claim={claim} onApprove={approve => put(name, { approve })} /> : null}
            {claim ? (
              <Input
                value={claim.purpose}
                maxLength={200}
                placeholder={t('purposeHint')}
                aria-label={t('purposeOf', { what: name })}
                onChange={event => put(name, { purpose: event.target.value })}
              />
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}

function Standing(props: { claim: ClaimValue; onApprove(approve: boolean): void }): ReactNode {
  const t = useText('app-sign-in')
  const { claim } = props
  if (claim.isHeldBack) return <State kind="warn">{t('heldBack')}</State>
  if (claim.approvedAt)
    return (
      <span className="wisp-quiet">
        <Actor id={claim.approvedBy} words={name => t('approvedBy', { name })} />{' '}
        <Time at={claim.approvedAt} />
      </span>
    )
  if (!claim.isAsked) return null
  return (
    <span className="sign-in-asked">
      <State kind="warn">{t('askedFor')}</State>
      <Switch
        size="small"
        checked={claim.approve}
        onChange={props.onApprove}
        aria-label={t('approveThis', { what: claim.name })}
      />
      {t('approve')}
    </span>
  )
}
