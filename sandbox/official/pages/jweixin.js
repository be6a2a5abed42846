// Stands in for WeChat's JS-SDK and, where the browser is not WeChat's, for its tag wx-open-subscribe.
{
  const { origin } = new URL(document.currentScript.src)
  const waiting = { ready: [], error: [] }
  let answer

  const settle = (given, settled) => {
    answer = settled
    if (answer.errMsg !== 'config:ok') for (const run of waiting.error) run(answer)
    else if (given.openTagList?.includes('wx-open-subscribe') && !customElements.get('wx-open-subscribe'))
      customElements.define('wx-open-subscribe', tagOf(answer.originalId))
    // As in WeChat's own, after a refusal too.
    for (const run of waiting.ready) run()
  }

  /** The tag shows its templates in a tree of its own; a click opens the window that asks. */
  const tagOf = originalId =>
    class extends HTMLElement {
      connectedCallback() {
        const parts = [...this.querySelectorAll('script[type="text/wxtag-template"]')]
        const shadow = this.attachShadow({ mode: 'open' })
        shadow.innerHTML = parts.map(part => part.textContent).join('')
        shadow.addEventListener('click', () => this.ask())
      }

      ask() {
        const frame = document.createElement('iframe')
        const query = new URLSearchParams({ originalId, templates: this.getAttribute('template') ?? '' })
        frame.src = `${origin}/official/open/subscribe?${query}`
        frame.title = '订阅通知'
        frame.style.cssText =
          'position: fixed; inset: 0; width: 100%; height: 100%; border: 0; background: #fff'
        const hear = event => {
          if (event.source !== frame.contentWindow) return
          removeEventListener('message', hear)
          frame.remove()
          const { type, ...detail } = event.data
          this.dispatchEvent(new CustomEvent(type, { detail }))
        }
        addEventListener('message', hear)
        document.body.append(frame)
      }
    }

  window.wx = {
    config(given) {
      const { appId, timestamp, nonceStr, signature } = given
      const [url] = location.href.split('#')
      const query = new URLSearchParams({ appId, timestamp, nonceStr, signature, url })
      fetch(`${origin}/official/open/js/check?${query}`)
        .then(response => response.json())
        .then(
          settled => settle(given, settled),
          error => settle(given, { errMsg: `config:fail, ${error.message}` }),
        )
    },
    ready(run) {
      if (answer) run()
      else waiting.ready.push(run)
    },
    error(run) {
      waiting.error.push(run)
    },
  }
}
