import type { ReactNode } from 'react'
import { useText } from '../text.ts'
import { Asked, Buttons } from './card-asked.tsx'
import { CardPicture } from './card-picture.tsx'
import { listOf, partOf, textOf } from './loose.ts'
import type { Jump, WecomCard } from './wecom-card.ts'
import './wecom-card.css'

/**
 * A card as WeCom draws it, to be looked at: nothing in it can be pressed but the menu in its corner, which opens, and with `follows` its links. `replacedBy` is
 * what the buttons of a card have become; `foot` stands below one that is answered elsewhere. Whatever is in the card is shown as text.
 */
export function CardView(props: {
  card: WecomCard
  replacedBy?: string
  follows?: boolean
  foot?: ReactNode
}): ReactNode {
  const { card, follows = false } = props
  const replacedBy = props.replacedBy ?? ''
  return (
    <div
      className={props.foot ? 'wecom-card wecom-card-still' : 'wecom-card'}
      data-kind={textOf(card.card_type)}
    >
      <Source card={card} />
      <Title card={card} />
      <Picture card={card} />
      <PictureAndText card={card} />
      {listOf(card.vertical_content_list).map((row, at) => (
        <div key={at} className="wecom-card-vertical">
          <div>{textOf(row.title)}</div>
          {row.desc ? <div className="wecom-card-grey">{textOf(row.desc)}</div> : null}
        </div>
      ))}
      <Emphasis card={card} />
      <Quote card={card} />
      {card.sub_title_text ? <div className="wecom-card-sub">{textOf(card.sub_title_text)}</div> : null}
      <Rows card={card} follows={follows} />
      <Asked card={card} />
      <Buttons card={card} replacedBy={replacedBy} />
      <Jumps card={card} follows={follows} />
      {props.foot ? <div className="wecom-card-foot">{props.foot}</div> : null}
    </div>
  )
}

const colours = ['grey', 'black', 'red', 'green'] as const

function Source({ card }: { card: WecomCard }): ReactNode {
  const t = useText('wecom-card')
  const { icon_url, desc, desc_color } = partOf(card.source)
  const menu = partOf(card.action_menu)
  const lines = listOf(menu.action_list)
  if (!desc && !icon_url && lines.length === 0) return null
  return (
    <div className="wecom-card-source">
      {icon_url ? <CardPicture url={textOf(icon_url)} className="wecom-card-icon" /> : null}
      <span data-colour={colours[Number(desc_color ?? 0)] ?? 'grey'}>{textOf(desc)}</span>
      {lines.length > 0 ? (
        <details className="wecom-card-menu">
          <summary aria-label={t('menu')} title={textOf(menu.desc) || t('menu')}>
            ⋯
          </summary>
          <ul>
            {lines.map((line, at) => (
              <li key={at}>{textOf(line.text)}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  )
}

function Title({ card }: { card: WecomCard }): ReactNode {
  const { title, desc } = partOf(card.main_title)
  return (
    <>
      {title ? <div className="wecom-card-title">{textOf(title)}</div> : null}
      {desc ? <div className="wecom-card-grey">{textOf(desc)}</div> : null}
    </>
  )
}

function Picture({ card }: { card: WecomCard }): ReactNode {
  if (!card.card_image) return null
  const { url, aspect_ratio } = partOf(card.card_image)
  const ratio = Math.min(2.25, Math.max(1.3, Number(aspect_ratio) || 1.3))
  return <CardPicture url={textOf(url)} style={{ aspectRatio: ratio }} />
}

function PictureAndText({ card }: { card: WecomCard }): ReactNode {
  if (!card.image_text_area) return null
  const { title, desc, image_url } = partOf(card.image_text_area)
  return (
    <div className="wecom-card-beside">
      <CardPicture url={textOf(image_url)} className="wecom-card-thumb" />
      <div>
        <div>{textOf(title)}</div>
        {desc ? <div className="wecom-card-grey">{textOf(desc)}</div> : null}
      </div>
    </div>
  )
}

function Emphasis({ card }: { card: WecomCard }): ReactNode {
  const { title, desc } = partOf(card.emphasis_content)
  if (!title && !desc) return null
  return (
    <div className="wecom-card-emphasis">
      <strong>{textOf(title)}</strong>
      {desc ? <div className="wecom-card-grey">{textOf(desc)}</div> : null}
    </div>
  )
}

function Quote({ card }: { card: WecomCard }): ReactNode {
  const quote = partOf(card.quote_area)
  if (!quote.title && !quote.quote_text) return null
  return (
    <div className="wecom-card-quote" title={targetOf(quote)}>
      {quote.title ? <div>{textOf(quote.title)}</div> : null}
      {quote.quote_text ? <div className="wecom-card-grey">{textOf(quote.quote_text)}</div> : null}
    </div>
  )
}

function Rows({ card, follows }: { card: WecomCard; follows: boolean }): ReactNode {
  const rows = listOf(card.horizontal_content_list)
  if (rows.length === 0) return null
  return (
    <dl className="wecom-card-rows">
      {rows.map((row, at) => (
        <div key={at}>
          <dt>{textOf(row.keyname)}</dt>
          <dd data-leads={Number(row.type ?? 0) > 0} title={textOf(row.url)}>
            <Followed to={follows ? textOf(row.url) : ''}>{textOf(row.value) || textOf(row.userid)}</Followed>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Jumps({ card, follows }: { card: WecomCard; follows: boolean }): ReactNode {
  return listOf(card.jump_list).map((jump, at) => (
    <div key={at} className="wecom-card-jump" title={targetOf(jump)}>
      <span>
        <Followed to={follows ? textOf(jump.url) : ''}>{textOf(jump.title)}</Followed>
      </span>
      <span className="wecom-card-chevron" aria-hidden />
    </div>
  ))
}

/** A link where there is one to follow. */
function Followed(props: { to: string; children: string }): ReactNode {
  if (!/^https?:\/\//i.test(props.to)) return props.children
  return (
    <a href={props.to} target="_blank" rel="noopener noreferrer">
      {props.children}
    </a>
  )
}

/** Where a part of the card leads, in the card's own words. */
function targetOf({ url, appid, pagepath }: Jump): string {
  return textOf(url) || [appid, pagepath].filter(Boolean).map(textOf).join(' ')
}
