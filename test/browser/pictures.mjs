// npm run pictures: makes the pictures of README and docs anew, from the real editor and the real page.
import { handOver } from '../../harness/bootstrap.mjs';

await handOver('test/browser/pictures.mts', process.argv.slice(2));
