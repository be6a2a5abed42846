import { Button, Switch } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'

export type SignInWay = Answer<'/web/console/sign-in-ways'>['ways'][number]

const all: readonly SignInWay[] = ['wecom', 'sms', 'passkey']

/** Those that are on, in their order, with those that are off below them. WeCom is always on. */
export function WaysField(props: {
  id?: string
  value?: SignInWay[]
  onChange?(ways: SignInWay[]): void
  /** Why a way cannot be switched on. */
  hindrance(way: SignInWay): string
}): ReactNode {
  const t = useText('system')
  const { value: on = [], onChange, hindrance } = props
  const rows = [...on, ...all.filter(way => !on.includes(way))]
  const words: Record<SignInWay, string> = {
    wecom: t('wayWecom'),
    sms: t('waySms'),
    passkey: t('wayPasskey'),
  }
  const hints: Record<SignInWay, string> = {
    wecom: t('wayWecomHint'),
    sms: t('waySmsHint'),
    passkey: t('wayPasskeyHint'),
  }
  const move = (way: SignInWay, by: number) => {
    const at = on.indexOf(way)
    const next = on.filter(one => one !== way)
    next.splice(at + by, 0, way)
    onChange?.(next)
  }
  return (
    <ol className="system-ways" id={props.id}>
      {rows.map(way => {
        const at = on.indexOf(way)
        const isOn = at >= 0
        const why = isOn ? '' : hindrance(way)
        return (
          <li key={way}>
            <span className="system-way-words">
              <strong>{words[way]}</strong>
              <small>{why || hints[way]}</small>
            </span>
            <Button
              size="small"
              aria-label={t('wayUp', { name: words[way] })}
              disabled={at < 1}
              onClick={() => move(way, -1)}
            >
              ↑
            </Button>
            <Button
              size="small"
              aria-label={t('wayDown', { name: words[way] })}
              disabled={!isOn || at === on.length - 1}
              onClick={() => move(way, 1)}
            >
              ↓
            </Button>
            <Switch
              aria-label={words[way]}
              checked={isOn}
              disabled={way === 'wecom' || why !== ''}
              onChange={checked => onChange?.(checked ? [...on, way] : on.filter(one => one !== way))}
            />
          </li>
        )
      })}
    </ol>
  )
}
