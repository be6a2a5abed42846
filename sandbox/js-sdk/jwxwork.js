// Stands in for both scripts of WeCom's client, jweixin and jwxwork, which adds agentConfig. The sandbox checks the signatures.
{
  const { origin } = new URL(document.currentScript.src)
  let waiting = []
  let onError = () => {}
  let isSettled = false

  const check = given => {
    const [url] = location.href.split('#')
    return fetch(`${origin}/pages/js-sdk/check?${new URLSearchParams({ ...given, url })}`).then(
      response => response.json(),
      error => ({ errMsg: `fail, ${error.message}` }),
    )
  }

  window.wx = {
    async config({ appId, timestamp, nonceStr, signature }) {
      const answer = await check({ corpid: appId, timestamp, nonceStr, signature })
      if (answer.errMsg !== 'config:ok') onError(answer)
      // As in WeChat's own: after a refusal too, and from then on `ready` waits for nothing any more.
      isSettled = true
      for (const run of waiting) run()
      waiting = []
    },
    ready(run) {
      if (isSettled) run()
      else waiting.push(run)
    },
    error(run) {
      onError = run
    },
    /** Of what pages call by name there is 审批 alone: it is started for the member whose telephone this window is. */
    async invoke(name, given, done) {
      const [, userid] = /^sandbox-phone:wecom:(.+)$/s.exec(window.name) ?? []
      const answer = await fetch(`${origin}/pages/js-sdk/${encodeURIComponent(name)}`, {
        method: 'POST',
        body: JSON.stringify({ ...given, userid }),
      }).then(
        response => response.json(),
        error => ({ err_msg: `${name}:fail, ${error.message}` }),
      )
      done(answer)
    },
    async agentConfig({ corpid, agentid, timestamp, nonceStr, signature, success, fail }) {
      const answer = await check({ corpid, agentid, timestamp, nonceStr, signature })
      if (answer.errMsg === 'agentConfig:ok') success(answer)
      else fail(answer)
    },
  }
}
