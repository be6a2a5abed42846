<?php
/** retCode 不为 0 的回答。An answer whose retCode is not 0. */
class WispError extends RuntimeException
{
    public function __construct(
        public readonly string $retCode,
        string $retMessage,
        public readonly ?string $requestId,
    ) {
        parent::__construct("$retCode $retMessage ($requestId)");
    }
}

/** 调用 wisp 的接口。Calls wisp's API. */
class Wisp
{
    private ?string $token = null;

    /**
     * $tokenFile：各请求共用 devToken 的文件，放在网站目录之外。
     * $tokenFile: where requests share the devToken; outside of the site's folder.
     */
    public function __construct(
        private readonly string $url,
        private readonly string $devId,
        private readonly string $devSecret,
        private readonly ?string $tokenFile = null,
    ) {
        if ($tokenFile !== null && is_file($tokenFile)) {
            $this->token = file_get_contents($tokenFile);
        }
    }

    public static function fromEnvironment(): self
    {
        $tokenFile = getenv('WISP_TOKEN_FILE') ?: null;
        return new self(getenv('WISP_URL'), getenv('DEV_ID'), getenv('DEV_SECRET'), $tokenFile);
    }

    public function get(string $path, array $query): mixed
    {
        return $this->call($path . '?' . http_build_query($query), null);
    }

    public function post(string $path, array $body): mixed
    {
        return $this->call($path, $body);
    }

    private function call(string $path, ?array $body): mixed
    {
        $this->token ??= $this->newToken();
        try {
            return $this->send($path, $body, $this->token);
        } catch (WispError $error) {
            // devToken 已失效，换一次新的。The devToken is dead: take a new one, once.
            if ($error->retCode !== '1004') {
                throw $error;
            }
        }
        $this->token = $this->newToken();
        return $this->send($path, $body, $this->token);
    }

    private function newToken(): string
    {
        $account = ['devId' => $this->devId, 'devSecret' => $this->devSecret];
        $token = $this->send('/api/token/getDevToken', $account)['devToken'];
        if ($this->tokenFile !== null) {
            $new = tempnam(dirname($this->tokenFile), 'wisp');
            file_put_contents($new, $token);
            rename($new, $this->tokenFile);
        }
        return $token;
    }

    private function send(string $path, ?array $body, ?string $token = null): mixed
    {
        for ($waitsLeft = 3; ; $waitsLeft--) {
            [$envelope, $headers] = $this->request($path, $body, $token);
            if ($envelope['retCode'] === '0') {
                return $envelope['body'];
            }
            // 1010：什么都没有执行，等到 Retry-After 再来。Nothing was done: come back after Retry-After.
            $seconds = (int) ($headers['retry-after'] ?? 60);
            if ($envelope['retCode'] !== '1010' || $waitsLeft === 0 || $seconds > 60) {
                throw new WispError($envelope['retCode'], $envelope['retMessage'], $headers['x-request-id'] ?? null);
            }
            sleep($seconds);
        }
    }

    private function request(string $path, ?array $body, ?string $token): array
    {
        $headers = [];
        $curl = curl_init($this->url . $path);
        curl_setopt_array($curl, [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 30,
            CURLOPT_HTTPHEADER => array_merge(
                ['Content-Type: application/json'],
                $token === null ? [] : ["Authorization: Bearer $token"],
            ),
            CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$headers): int {
                [$name, $value] = explode(':', $line, 2) + [1 => ''];
                $headers[strtolower($name)] = trim($value);
                return strlen($line);
            },
        ]);
        if ($body !== null) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($body, JSON_THROW_ON_ERROR));
        }
        $answer = curl_exec($curl);
        if ($answer === false) {
            throw new RuntimeException(curl_error($curl));
        }
        return [json_decode($answer, true, 512, JSON_THROW_ON_ERROR), $headers];
    }
}
