// Gives webhooks to the verifier of the Standard Webhooks project and says of each whether it was taken, or why not.
import { Webhook } from 'standardwebhooks';

const verdicts = JSON.parse(process.env.WEBHOOKS).map(({ secret, headers, body }) => {
  try {
    return new Webhook(secret).verify(body, headers).type;
  } catch (error) {
    return error.message;
  }
});
console.log(JSON.stringify(verdicts));
