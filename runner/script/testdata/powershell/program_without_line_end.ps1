bash -c 'printf abc'; 'next'
