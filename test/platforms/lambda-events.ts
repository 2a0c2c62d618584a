/** What AWS sends to a Lambda function for HTTP, by the shapes that it documents. */

/** Payload 2.0, as Function URLs have it. */
export const ofFunctionUrl = (method: string, rawPath: string, more: object = {}) => ({
  version: '2.0',
  rawPath,
  rawQueryString: '',
  headers: { 'x-forwarded-for': '198.51.100.7, 192.0.2.9' },
  isBase64Encoded: false,
  requestContext: {
    domainName: 'abc.lambda-url.eu-central-1.on.aws',
    http: { method, sourceIp: '192.0.2.9' },
  },
  ...more,
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
export const ofRestApi = (more: object = {}) => ({
  httpMethod: 'GET',
  path: '/echo',
  multiValueHeaders: {},
  requestContext: {
    domainName: 'abc.execute-api.eu-central-1.amazonaws.com',
    stage: 'live',
    path: '/live/echo',
    identity: { sourceIp: '192.0.2.9' },
  },
  ...more,
});

export const ofBalancer = (more: object = {}) => ({
  httpMethod: 'GET',
  path: '/echo',
  headers: { host: 'api.example.com' },
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:a:1:targetgroup/b/c' } },
  ...more,
});
