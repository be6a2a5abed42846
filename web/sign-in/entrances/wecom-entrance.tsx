import { type ReactNode, useState } from 'react'
import { api } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useText } from '../../ui/text.ts'
import { Icon } from '../../workbench/icons.tsx'
import { isInteractive, type Need, nextOf } from '../need.ts'
import { Notice } from '../notice.tsx'
import { isInWecom, isPhoneBrowser, wecomAddress } from '../where-to.ts'
import { OpenInWecom } from './open-in-wecom.tsx'

/** In WeCom without more ado, by its QR code on a desktop, and from a phone's browser through the client. */
export function WecomEntrance(props: { corpId: string; need: Need }): ReactNode {
  const t = useText('sign-in')
  const { corpId, need } = props
  if (isPhoneBrowser()) return <OpenInWecom corpId={corpId} to={need.to} />
  if (isInteractive(need)) return <ConfirmButton corpId={corpId} need={need} />
  return (
    <a className="wb-button wb-primary sign-in-go" href={wecomAddress(corpId, need.to)}>
      <Icon name="message" />
      {isInWecom() ? t('withWecom') : t('withWecomScan')}
    </a>
  )
}

/** A link would not show that somebody is there. */
function ConfirmButton({ corpId, need }: { corpId: string; need: Need }): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const [failure, setFailure] = useState<unknown>()
  const press = async () => {
    try {
      const { to } = need
      const { address } = await api.post('/web/sign-in/wecom', { corpId, to, next: nextOf(need) })
      location.assign(address)
    } catch (error) {
      setFailure(error)
    }
  }
  return (
    <>
      <div role="alert">{failure ? <Notice kind="bad" title={textOf(failure)} /> : null}</div>
      <button type="button" className="wb-button wb-primary sign-in-go" onClick={() => void press()}>
        <Icon name="message" />
        {isInWecom() ? t('confirm') : t('withWecomScan')}
      </button>
    </>
  )
}
