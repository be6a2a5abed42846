import { type CSSProperties, type ReactNode, useState } from 'react'
import { useText } from '../text.ts'
import './wecom-card.css'

/** When the page's policy blocks the picture, or it does not exist, its address is shown instead. */
export function CardPicture(props: { url: string; className?: string; style?: CSSProperties }): ReactNode {
  const t = useText('wecom-card')
  const [gone, setGone] = useState('')
  const look = { className: props.className ?? 'wecom-card-picture', style: props.style }
  if (props.url === '' || gone === props.url) {
    return (
      <div {...look}>
        <span>
          {t('picture')}
          <br />
          {props.url}
        </span>
      </div>
    )
  }
  return (
    <img
      {...look}
      src={props.url}
      alt={t('picture')}
      referrerPolicy="no-referrer"
      onError={() => setGone(props.url)}
    />
  )
}
