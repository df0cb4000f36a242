import sys

from backend.bench import main

sys.exit(main())
